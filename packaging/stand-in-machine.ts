import fs, { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import promises from 'node:fs/promises'
import { join } from 'node:path'

/** The only process of the machine that has a server: its data directory is /nonexistent. */
const PROCESS = '/proc/77'

/** Where Pacemaker keeps its configuration on every node. */
const CIB_FILE = '/var/lib/pacemaker/cib/cib.xml'

const joined = (node: string) => `<node_state uname="${node}" in_ccm="true" crmd="online" join="member"/>`

/** Two nodes, of which the other one is the source and can be reached on this computer. */
const cib = (port: number) => `<cib admin_epoch="1"><configuration><crm_config><cluster_property_set id="heir">
<nvpair id="a" name="db-source" value="epoch=1 acks=1 proven=yes boot=00000000 synced=yes node=localhost host=localhost port=${port} server=2 log=binlog.000001 pos=4 gtid="/>
<nvpair id="b" name="db-acker-node1" value="epoch=1 boot=00000000 at=1"/>
</cluster_property_set></crm_config><nodes><node id="1" uname="node1"/><node id="2" uname="localhost"/></nodes></configuration>
<status>${['node1', 'localhost'].map(joined).join('')}</status></cib>`

/** What Pacemaker's tools say, as the text of a shell script for each. A cibadmin that is given something shows it from then on. */
const TOOLS = {
  cibadmin: 'case "$*" in *--modify*) cat >"$0.given" ;; *) cat "$0.given" 2>/dev/null || cat "$0.cib" ;; esac',
  crm_node: 'case "$*" in *--quorum*) echo 1 ;; *) echo node1 ;; esac',
  crm_attribute: 'exit 0',
  crm_mon: `echo '<node name="node1" online="true" type="member"/><node name="localhost" online="true" type="member"/>'`,
  attrd_updater: `case "$*" in *--query*) echo 'name="db-holds" host="localhost" value="epoch=1 boot=00000000 sound=yes by=mysql gtid="' ;; esac`,
  crmadmin: 'echo "Controller on localhost in state S_IDLE: ok"',
}

/** Put the tools of a cluster whose servers are at this port into a directory for PATH. */
export function standInForTools(directory: string, port: number): void {
  mkdirSync(directory)
  for (const [name, script] of Object.entries(TOOLS)) {
    writeFileSync(join(directory, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  writeFileSync(join(directory, 'cibadmin.cib'), cib(port))
}

const files = (port: number): Readonly<Record<string, string>> => ({
  [`${PROCESS}/stat`]: `77 (mysqld) S ${'1 '.repeat(40)}`,
  [`${PROCESS}/task/77/stat`]: `77 (mysqld) S ${'1 '.repeat(40)}`,
  '/proc/sys/kernel/random/boot_id': '00000000-0000-0000-0000-000000000000',
  [CIB_FILE]: cib(port),
})

const LINKS: Readonly<Record<string, string>> = {
  [`${PROCESS}/exe`]: '/usr/sbin/mysqld',
  [`${PROCESS}/cwd`]: '/nonexistent',
  [`${PROCESS}/task/77/cwd`]: '/nonexistent',
  [`${PROCESS}/task/77/ns/pid`]: 'pid:[4026531836]',
  '/proc/self/ns/pid': 'pid:[4026531836]',
}

const DIRECTORIES: Readonly<Record<string, string[]>> = { '/proc': ['77'], [`${PROCESS}/task`]: ['77'] }

type Read = (path: string, ...options: never[]) => unknown

/** A function of node:fs that answers for the machine, and does what it does for every other path. */
const instead = (answers: Readonly<Record<string, unknown>>, original: Read): Read =>
  ((path, ...options) => answers[path] ?? original(path, ...options)) satisfies Read

const nothingToWrite = async () => {
  throw Object.assign(new Error('nothing is written on the machine that builds'), { code: 'EROFS' })
}

/** What `require` answers for the file system: that of such a node, which keeps no hints from one action to the next. */
export function standInForFiles(port: number): Readonly<Record<string, unknown>> {
  const readFile = promises.readFile as Read
  const texts = files(port)
  return {
    fs: {
      ...fs,
      readdirSync: instead(DIRECTORIES, fs.readdirSync as Read),
      readFileSync: instead(texts, fs.readFileSync as Read),
      readlinkSync: instead(LINKS, fs.readlinkSync as Read),
    },
    'fs/promises': {
      ...promises,
      readFile: async (path: string, ...options: never[]) => instead(texts, readFile)(path, ...options),
      mkdir: nothingToWrite,
      rm: nothingToWrite,
    },
  }
}
