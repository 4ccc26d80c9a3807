import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../lib/system/failure.ts'
import { loadEngineRuns } from './engine-run.ts'
import { reportPicture } from './report-picture.ts'
import { reportText } from './report-text.ts'

const NAME = 'chaos'

/**
 * Write `chaos.md` and `chaos.svg` from the runs whose files are in the directory, however many sessions they are from; answers the
 * report's path. Throws Failure when there is no run.
 */
export async function writeReport(directory: string): Promise<string> {
  const runs = await loadEngineRuns(directory)
  if (runs.length === 0) throw new Failure('misconfigured', `${directory}: there is no run to report of`)
  const file = join(directory, `${NAME}.md`)
  await writeFile(join(directory, `${NAME}.svg`), reportPicture(runs.filter(({ minutes }) => minutes === undefined)))
  await writeFile(file, reportText(runs, `${NAME}.svg`))
  return file
}
