import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names the state that an install must match: the lockfile, every manifest of the workspace, and the platform.
 * @param {string} root
 * @returns {string}
 */
export function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...memberManifests(root)]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** @param {string} root */
function memberManifests(root) {
  return memberGlobs(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
    .flatMap((glob) => expand(root, glob.split('/')))
    .map((folder) => `${folder}/package.json`)
    .filter((file) => existsSync(join(root, file)))
    .sort()
}

/**
 * The entries of `packages:`. The first stage has no dependencies, so no YAML parser: one entry a line is all we write.
 * @param {string} yaml
 */
function memberGlobs(yaml) {
  const block = /^packages:\n((?:[ \t]+-.*\n)+)/m.exec(yaml)?.[1] ?? ''
  return [...block.matchAll(/-\s*['"]?([^'"\n]+?)['"]?\s*$/gm)].map((match) => match[1])
}

/**
 * @param {string} root
 * @param {string[]} segments
 * @returns {string[]} folders, relative to the root
 */
function expand(root, segments) {
  return segments.reduce(
    (folders, segment) => folders.flatMap((folder) => (segment === '*' ? subfolders(root, folder) : [join(folder, segment)])),
    [''],
  )
}

/**
 * @param {string} root
 * @param {string} folder
 */
function subfolders(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
}
