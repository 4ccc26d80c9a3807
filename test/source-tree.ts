import { dirname, join, relative } from 'node:path'
import { type Node, type SourceFile as Parsed, SyntaxKind } from 'typescript/unstable/ast'
import * as is from 'typescript/unstable/ast/is'
import { API, type Project } from 'typescript/unstable/sync'

const ROOT = join(import.meta.dirname, '..')

/** A module that a source file names: a path from the root of the checkout, a package or a builtin. */
export interface Import {
  readonly module: string
  /** Gone when the program runs. */
  readonly typesOnly: boolean
}

/** A place in the sources, as `path:line`. */
export type Place = string

/** A function with a name, or one given to something. */
export interface FunctionSize {
  readonly place: Place
  readonly named: boolean
  readonly lines: number
}

/** A source file as the TypeScript compiler sees it. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly functions: readonly FunctionSize[]
  readonly emptyCatches: readonly Place[]
  /** Where it names Node's own `process`, not one of the same name that it declares. */
  readonly processUses: readonly Place[]
}

/** Read every source file below the given directories of the checkout. */
export function readSources(directories: readonly string[]): SourceFile[] {
  const api = new API({ cwd: ROOT })
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(ROOT, 'tsconfig.json')] }).getProjects()
    if (project === undefined) throw new Error('tsconfig.json: not a project')
    const paths = project.rootFiles.map(file => relative(ROOT, file))
    return paths
      .filter(path => directories.some(directory => path.startsWith(`${directory}/`)))
      .map(path => describe(path, project))
  } finally {
    api.close()
  }
}

function describe(path: string, project: Project): SourceFile {
  const parsed = project.program.getSourceFile(join(ROOT, path))
  if (parsed === undefined) throw new Error(`${path}: not in the program`)
  const nodes = [...descendants(parsed)]
  const lineOf = (position: number) => parsed.getLineAndCharacterOfPosition(position).line + 1
  const place = (node: Node) => `${path}:${lineOf(node.getStart(parsed))}`
  return {
    path,
    text: parsed.text,
    lines: lineOf(parsed.text.trimEnd().length),
    imports: nodes.flatMap(node => importOf(node, parsed, path)),
    functions: nodes.filter(is.isFunctionLikeDeclaration).map(node => ({
      place: place(node),
      named: !is.isArrowFunction(node) || is.isVariableDeclaration(node.parent),
      lines: lineOf(node.end) - lineOf(node.getStart(parsed)) + 1,
    })),
    emptyCatches: nodes.filter(node => is.isCatchClause(node) && node.block.statements.length === 0).map(place),
    processUses: nodes.filter(node => isNodesProcess(node, project)).map(place),
  }
}

function* descendants(node: Node): Generator<Node> {
  const children: Node[] = []
  node.forEachChild(child => void children.push(child))
  for (const child of children) {
    yield child
    yield* descendants(child)
  }
}

function importOf(node: Node, parsed: Parsed, path: string): Import[] {
  const specifier = specifierOf(node)
  if (specifier === undefined || !is.isStringLiteral(specifier)) return []
  const module = specifier.text.startsWith('.') ? join(dirname(path), specifier.text) : specifier.text
  return [{ module, typesOnly: /^(?:import|export) type\b/.test(node.getText(parsed)) }]
}

function specifierOf(node: Node): Node | undefined {
  if (is.isImportDeclaration(node) || is.isExportDeclaration(node)) return node.moduleSpecifier
  if (is.isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return node.arguments[0]
  return undefined
}

function isNodesProcess(node: Node, project: Project): boolean {
  if (!is.isIdentifier(node) || node.text !== 'process') return false
  const declarations = project.checker.getSymbolAtLocation(node)?.declarations ?? []
  return declarations.some(({ path }) => path.includes('/@types/node/'))
}
