import type { Argv } from 'yargs'
import { Failure } from '../../lib/system/failure.ts'
import manifest from '../../package.json' with { type: 'json' }
import { NAMELESS, readComplaint, VALUED } from './word-complaint.ts'

/** The same, and every word that it cannot use is refused in one sentence. `command` is the one that was given. */
export const strictly = (commandLine: Argv, command: string | undefined): Argv =>
  commandLine
    .locale('en')
    .updateStrings(sentencesFor(command))
    .middleware(refuseVague)
    .requiresArg(VALUED)
    .demandCommand(1, NAMELESS)
    .strictCommands()
    .strict()
    .alias('help', 'h')
    .version(manifest.version)
    .showHelpOnFail(false)
    .exitProcess(false)

function refuseVague(words: Readonly<Record<string, unknown>>): void {
  const complaint = readComplaint(words)
  if (complaint !== undefined) throw new Failure('misconfigured', complaint)
}

/** What yargs says, by its own sentences, with the remedy; `%s` is what it names. */
function sentencesFor(command: string | undefined): Record<string, string> {
  const help = `"${['heir', ...(command === undefined ? [] : [command]), '--help'].join(' ')}"`
  const plural = (one: string, other: string) => ({ one, other }) as unknown as string // as yargs takes it
  const commands = 'a command nor a word of one: "heir --help" lists the commands'
  return {
    'Unknown command: %s': plural(`%s is neither ${commands}`, `%s are neither ${commands}`),
    'Unknown argument: %s': plural(`%s is unknown: ${help} lists the words`, `%s are unknown: ${help} lists the words`),
    'Missing required argument: %s': plural(
      `--%s is missing: ${help} says what it is`,
      `missing are %s: ${help} says what they are`,
    ),
    'Not enough arguments following: %s': '--%s has no value: write one behind it',
    'Invalid values:': ' ',
    'Argument: %s, Given: %s, Choices: %s': '--%s %s is not possible: use one of %s',
  }
}
