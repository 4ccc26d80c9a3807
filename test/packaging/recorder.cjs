// `node recorder.cjs PROGRAM WORD`: runs the program as heir with the word, and prints which builtins it asks for.
const { readFileSync, writeSync } = require('node:fs')
const { Script } = require('node:vm')

const STANDARD_OUTPUT = 1
const [, , program, word] = process.argv
const asked = new Set()
process.on('exit', () => writeSync(STANDARD_OUTPUT, [...asked].join(' ')))
process.stdout.write = (_text, done) => done?.()
process.argv = [process.execPath, 'heir', word]
const load = name => {
  asked.add(name.replace(/^node:/, ''))
  return require(name)
}
new Script(readFileSync(program, 'latin1')).runInThisContext()(load)
