import { runStages, STAGES, type StageName } from './stages.ts'

const isStage = (word: string): word is StageName => STAGES.some(({ name }) => name === word)

const words = process.argv.slice(2)
const unknown = words.filter(word => !isStage(word))
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: no such stage, choose from ${STAGES.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const unasked = STAGES.filter(({ isByName }) => !isByName).map(({ name }) => name)
const results = runStages(words.length > 0 ? words.filter(isStage) : unasked)
const total = { passed: 0, failed: 0 }

console.log('\nstage       passed  failed  seconds')
for (const { name, passed, failed, seconds } of results) {
  console.log(
    `${name.padEnd(10)}${String(passed).padStart(8)}${String(failed).padStart(8)}${seconds.toFixed(1).padStart(9)}`,
  )
  total.passed += passed
  total.failed += failed
}
process.exitCode = total.failed === 0 ? 0 : 1
console.log(`\n${total.passed} passed, ${total.failed} failed`)
