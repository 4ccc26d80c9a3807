import yargs, { type Argv } from 'yargs'
import { Failure } from '../../lib/system/failure.ts'
import { CHECK_OPTIONS } from './check-request.ts'
import { type Answer, configure } from './configure.ts'
import { CONFIGURE_OPTIONS } from './configure-options.ts'
import { HOOK_OPTIONS } from './hook-options.ts'
import { PROMOTE_OPTIONS, promoteAcceptingLoss } from './promote.ts'
import type { PromotionReport } from './promotion.ts'
import { REJOIN_OPTIONS } from './rejoin-options.ts'
import { REPORT_DEATH_OPTIONS } from './report-death-options.ts'
import { DONATE_OPTIONS, SEED_OPTIONS } from './seed-options.ts'
import { SITE_OPTIONS } from './site-options.ts'
import { strictly } from './strictness.ts'
import type { Surroundings } from './surroundings.ts'
import { SWITCHOVER_OPTIONS, switchover } from './switchover.ts'
import { typedComplaint } from './word-complaint.ts'

/** What a command for people ends with: exit code 0 or 1, for a check asked in a wrong way 2; what it prints, and what it complains about. */
export interface CommandAnswer {
  readonly exit: 0 | 1 | 2
  readonly output: string
  readonly complaint?: string
}

/** Run the command that these words name. Never throws for what a user can get wrong. */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<CommandAnswer> {
  let answer: CommandAnswer | undefined
  let said = ''
  const mistake = words[0] === 'check' ? 2 : 1
  const misspelt = typedComplaint(words)
  if (misspelt !== undefined) return { exit: mistake, output: '', complaint: misspelt }
  const commandLine = withCommands(
    words.find(word => !word.startsWith('-')),
    surroundings,
    given => {
      answer = given
    },
  )
  try {
    await commandLine.parseAsync(words, {}, (_error, _arguments, output) => {
      said = output
    })
  } catch (error) {
    if (error instanceof Failure) return { exit: mistake, output: '', complaint: error.message }
    if (said === '') throw error
  }
  if (answer !== undefined) return answer
  return isAsked(words)
    ? { exit: 0, output: `${said}\n` }
    : { exit: mistake, output: '', complaint: said.replaceAll(/\s+/g, ' ').trim() }
}

function withCommands(command: string | undefined, surroundings: Surroundings, say: (answer: CommandAnswer) => void) {
  const commandLine = yargs()
    .scriptName('heir')
    .usage('$0 <command>\n\nThe OCF resource agent for MySQL and MariaDB replication, and its commands for people.')
    .command('switchover', 'Hand the writer role over to a node', SWITCHOVER_OPTIONS, async words => {
      say(told(await switchover({ ...words, timeoutMs: words.timeout * 1000 })))
    })
    .command('promote', 'Promote a node without proof, as the last resort', PROMOTE_OPTIONS, async words => {
      const request = { ...words, timeoutMs: words.timeout * 1000 }
      say(told(words.acceptLoss ? await promoteAcceptingLoss(request) : { done: false, sentence: NOT_ACCEPTED }))
    })
    .command('seed', "Give this node another one's data, so that it is a replica", SEED_OPTIONS, async words => {
      const { seed } = await import('./seed.ts')
      say(told(await seed(words, surroundings)))
    })
    .command('rejoin', 'Show what only this node holds, and decide about it', REJOIN_OPTIONS, async words => {
      const { rejoin } = await import('./rejoin.ts') // it loads the driver
      say(told(await rejoin({ ...words, timeoutMs: words.timeout * 1000 }, surroundings)))
    })
    .command('site', 'Say which of two sites takes writes, or hand that over', SITE_OPTIONS, async words => {
      say(told(await (await import('./site.ts')).site(words, surroundings.openLog)))
    })
    .command('configure', 'Print the configuration of a cluster', CONFIGURE_OPTIONS, async words => {
      say(printed(await configure(words)))
    })
    .command('check', 'Say whether clients may be sent to the server of this node', CHECK_OPTIONS, async words => {
      const { check } = await import('./check.ts') // a balancer asks every second or two; the other commands need none of it
      say(await check(words))
    })
  return withWorkers(strictly(commandLine, command), surroundings, say)
}

/** Commands that the agent starts and nobody else. */
function withWorkers(commandLine: Argv, surroundings: Surroundings, say: (answer: CommandAnswer) => void) {
  return commandLine
    .command('donate', false, DONATE_OPTIONS, async words => {
      const { donate } = await import('./donate.ts')
      say(told(await donate(words, surroundings)))
    })
    .command('hook', false, HOOK_OPTIONS, async words => {
      const { runHook } = await import('./hook.ts')
      say(told(await runHook(words, surroundings)))
    })
    .command('report-death', false, REPORT_DEATH_OPTIONS, async words => {
      const { reportDeath } = await import('./report-death.ts')
      say(told(await reportDeath(words, surroundings)))
    })
}

const NOT_ACCEPTED = 'promote is for the loss of acknowledged writes only: say --accept-loss, or use "heir switchover"'

const told = ({ done, sentence }: PromotionReport): CommandAnswer =>
  done ? { exit: 0, output: `${sentence}\n` } : { exit: 1, output: '', complaint: sentence }

function printed(answer: Answer): CommandAnswer {
  const { text = '' } = answer
  return 'refusal' in answer ? { exit: 1, output: text, complaint: answer.refusal } : { exit: 0, output: text }
}

/** Help and version were asked for; in any other case the text explains a mistake. */
const isAsked = (words: readonly string[]) =>
  (words.length === 1 && words[0] === 'help') || words.some(word => ['--help', '-h', '--version'].includes(word))
