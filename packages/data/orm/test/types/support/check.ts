// Run as a program: <TypeScript package> <program file>… Prints what is wrong with the programs in two orders, and for a
// program named hover.ts what an editor shows.
import path from 'node:path'

type TypeScript = typeof import('typescript-6')

const [, , name = '', ...files] = process.argv
const ts = (await import(name)).default as TypeScript

const options: import('typescript-6').CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: [
    'lib.es2024.d.ts',
    'lib.esnext.disposable.d.ts',
    'lib.esnext.promise.d.ts',
    'lib.esnext.iterator.d.ts',
    'lib.esnext.collection.d.ts',
  ],
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
}

/** Only the programs are looked at: the packages behind them are checked where they are built, with one compiler. */
function problemsIn(program: import('typescript-6').Program, order: readonly string[]): string[] {
  return order.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path.basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
  })
}

/** What an editor shows over each exported name of a program. */
function hoversOf(file: string): Record<string, string> {
  const host: import('typescript-6').LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => files,
    getScriptVersion: () => '1',
    getScriptSnapshot: (of) => {
      const text = ts.sys.readFile(of)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => import.meta.dirname,
    getDefaultLibFileName: (of) => ts.getDefaultLibFilePath(of),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  }
  const service = ts.createLanguageService(host)
  const text = ts.sys.readFile(file) ?? ''
  const found: Record<string, string> = {}
  for (const { 0: start, 1: exported = '', index } of text.matchAll(/export (?:const|type) (\w+)/g)) {
    const position = index + start.length - 1
    const info = service.getQuickInfoAtPosition(file, position)
    found[exported] = ts.displayPartsToString(info?.displayParts)
  }
  return found
}

const reversed = files.toReversed()
const program = ts.createProgram(files, options)
const problems = problemsIn(program, files)
// What was parsed is used again; types are worked out anew, in the order the files are asked for.
const problemsReversed = problemsIn(ts.createProgram(reversed, options, undefined, program), reversed)
const hover = files.find((file) => path.basename(file) === 'hover.ts')
console.log(JSON.stringify({ version: ts.version, problems, problemsReversed, hovers: hover === undefined ? {} : hoversOf(hover) }))
