import { writeFile } from 'node:fs/promises'
import { detectFlavour } from '../mysql/flavour.ts'
import type { FlavourName } from '../mysql/server-facts.ts'
import { openWrites } from '../mysql/write-gate.ts'
import { type Conduit, conduit } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import type { LocalLogin, StateFile } from './backup.ts'
import { binaryLogState, dumpPosition } from './binary-log-state.ts'
import { endHelper, type HelperOptions, initialise, startHelper } from './helper-server.ts'
import type { Tools } from './tools.ts'

/** What makes the dump one moment's, complete, and say which transactions it holds. */
const DUMP_OPTIONS: Readonly<Record<FlavourName, readonly string[]>> = {
  mysql: ['--set-gtid-purged=ON'],
  mariadb: ['--gtid', '--master-data=2'],
}
const WHOLE = [
  '--all-databases',
  '--single-transaction',
  '--routines',
  '--events',
  '--triggers',
  '--hex-blob',
  '--quick',
]

/** Start to write out all that the server holds, as statements. */
export function startDump(flavour: FlavourName, tools: Tools, { optionFile, socket }: LocalLogin): Promise<Conduit> {
  const login = [`--defaults-file=${optionFile}`, `--socket=${socket}`]
  return conduit(tools.dump, [...login, ...WHOLE, ...DUMP_OPTIONS[flavour]])
}

/** Reads the position from a dump that passes by: some versions write it at the beginning, others at the end. */
export class DumpEnds {
  #head = ''
  #tail = ''

  watch(bytes: Buffer): void {
    const text = bytes.toString('latin1')
    if (this.#head.length < KEPT_CHARACTERS) this.#head += text
    this.#tail = (this.#tail + text).slice(-KEPT_CHARACTERS)
  }

  /** Throws Failure `unintelligible` where there is none. */
  get position(): string {
    return dumpPosition(`${this.#head}\n${this.#tail}`)
  }
}

const KEPT_CHARACTERS = 64 * 1024

/** Start a server on an empty data directory that takes a dump, and the client that feeds it. */
export async function startLoading(helper: HelperOptions, tools: Tools, deadline: Deadline): Promise<Conduit> {
  await initialise(helper, deadline)
  const connection = await startHelper(
    { ...helper, options: [...helper.options, ...LOADING[helper.flavour]] },
    deadline,
  )
  await openWrites(connection, await detectFlavour(connection, deadline), deadline)
  connection.close()
  const client = ['--no-defaults', '--user=root', `--socket=${helper.socket}`, '--max-allowed-packet=1G']
  return conduit(tools.client, client)
}

const LOADING: Readonly<Record<FlavourName, readonly string[]>> = {
  mysql: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--max-allowed-packet=1G'],
  mariadb: ['--max-allowed-packet=1G'],
}

/** Shut that server down, and on MariaDB write down which transactions it holds. */
export async function finishLoading(
  helper: HelperOptions,
  ends: DumpEnds,
  state: StateFile,
  deadline: Deadline,
): Promise<void> {
  await endHelper(helper.dataDirectory, 'SIGTERM', deadline)
  if (helper.flavour === 'mysql') return
  await writeFile(state.path, binaryLogState(state.ofDonor, ends.position), { mode: 0o640 })
}
