import { run, runNode, tools } from '../process.ts'
import type { Finding } from '../report.ts'
import { installScripts } from '../manifests/fields.ts'
import type { Manifest } from '../workspace.ts'
import type { Tarball } from './pack.ts'

/** A tarball as a user's tools see it: publint, attw, its file list, its manifest. */
export async function checkTarball(tarball: Tarball): Promise<Finding[]> {
  const cwd = tarball.pkg.directory
  const [publint, attw, files, manifest] = await Promise.all([
    runNode([tools.publint, 'run', tarball.file, '--strict', '--pack', 'false'], { cwd }),
    runNode([tools.attw, tarball.file, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'], { cwd }),
    run('tar', ['-tzf', tarball.file], { cwd }),
    run('tar', ['-xzOf', tarball.file, 'package/package.json'], { cwd }),
  ])
  const problems = [
    publint.code !== 0 && `publint refuses it:\n${publint.stdout}${publint.stderr}`,
    attw.code !== 0 && `attw finds its types wrong:\n${attw.stdout}${attw.stderr}`,
    ...checkFiles(files.stdout.split('\n').filter((file) => file !== '')),
    ...checkManifest(JSON.parse(manifest.stdout) as Manifest),
  ]
  return problems.filter((what) => typeof what === 'string').map((what) => ({ where: `${tarball.pkg.name} packed`, what }))
}

/** No tests, no dotfiles, nothing that looks like a secret; a LICENSE and a README (SUP-02). */
export function checkFiles(files: readonly string[]): string[] {
  const refused = /(^|\/)(\.[^/]+|test|coverage|node_modules)(\/|$)|\.(tsbuildinfo|log|pem|key)$|\.snapshot\.json$/
  const missing = ['package/LICENSE', 'package/README.md', 'package/package.json'].filter((file) => !files.includes(file))
  return [
    ...files.filter((file) => refused.test(file)).map((file) => `publishes ${file}, which no user needs (SUP-02)`),
    ...missing.map((file) => `lacks ${file.replace('package/', '')}`),
  ]
}

/** What npm will show is resolved and runs nothing on install (SUP-01). */
export function checkManifest(manifest: Manifest): string[] {
  const scripts = installScripts.filter((script) => manifest.scripts?.[script] !== undefined)
  const unresolved = JSON.stringify([manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies]).match(
    /(workspace|catalog):/,
  )
  return [
    ...scripts.map((script) => `has the script ${script}, which runs on a user's machine (SUP-01)`),
    ...(unresolved ? [`still has a ${unresolved[0]} range`] : []),
    ...(JSON.stringify(manifest.exports).includes('/src/') ? ['exports still point at src'] : []),
  ]
}
