import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'

/** Run a program that has to succeed. */
export async function succeed(file: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await command(file, args, { deadline: Deadline.in(120_000) })
  if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr || stdout}`)
}
