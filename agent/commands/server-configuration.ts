import { comment } from '../../cib/snippets/layout.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { identity, pairSettings, SERVER_SETTINGS, type ServerSetting } from './server-settings.ts'

/** The configuration file of the server on one node, each setting with its reason. */
export function serverConfiguration(
  engine: FlavourName,
  node: string,
  nodes: readonly string[],
  firstId: number,
  isPair = false,
): string {
  const own = [...identity(node, nodes, firstId), ...(isPair ? pairSettings(node, nodes) : [])]
  const common = SERVER_SETTINGS.filter(({ name }) => !own.some(setting => setting.name === name))
  const settings = [...own, ...common].filter(({ only = engine }) => only === engine)
  return [
    comment([
      `The server of ${node}: name this file by the parameter config, or include it last, since the last value of a setting counts`,
    ]),
    '[mysqld]\n',
    ...settings.map(setting => `\n${settingText(setting)}`),
  ].join('')
}

const settingText = ({ name, value, because }: ServerSetting) => `${comment([because])}${name} = ${value}\n`
