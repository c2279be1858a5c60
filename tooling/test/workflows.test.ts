import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readJson, workspaceRoot, type Manifest } from '../checks/workspace.ts'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}

interface Job {
  permissions?: Record<string, string>
  environment?: string
  steps: Step[]
  strategy?: { matrix: { include?: { script: string }[] } }
}

interface Workflow {
  permissions?: Record<string, string>
  jobs: Record<string, Job>
}

const files = globSync('.github/workflows/*.yml', { cwd: workspaceRoot }).toSorted()
const textOf = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8')
const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow
const jobsOf = (file: string): Job[] => Object.values(workflowOf(file).jobs)
const steps = files.flatMap((file) => jobsOf(file).flatMap((job) => job.steps))
const uses = (action: string): Step[] => steps.filter((step) => step.uses?.startsWith(`${action}@`))

describe('GitHub workflows (SUP-06)', () => {
  it('are there', () => {
    expect(files).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml'])
  })

  it('pin every action to a commit, with its version beside it', () => {
    for (const line of files.flatMap((file) => textOf(file).split('\n')).filter((text) => text.includes('uses:'))) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    }
  })

  it('leave no credentials in the checkout and cache nothing', () => {
    expect(uses('actions/checkout').length).toBeGreaterThan(0)
    for (const step of uses('actions/checkout')) expect(step.with?.['persist-credentials']).toBe(false)
    for (const step of uses('actions/setup-node')) {
      expect(step.with).toMatchObject({ 'package-manager-cache': false })
      expect(Object.keys(step.with ?? {})).not.toContain('cache')
    }
    expect(uses('actions/cache')).toEqual([])
  })

  it('write no .npmrc: a token there would win over trusted publishing', () => {
    for (const step of uses('actions/setup-node')) expect(Object.keys(step.with ?? {})).not.toContain('registry-url')
    expect(files.map(textOf).join()).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/)
  })

  it('give no rights by default, and each job only its own', () => {
    for (const file of files) {
      expect(workflowOf(file).permissions).toEqual({})
      for (const job of jobsOf(file)) expect(job.permissions).toBeDefined()
    }
  })

  it('let only the job behind the npm environment speak to npm, and let it write nothing here', () => {
    const publishing = files.flatMap(jobsOf).filter((job) => job.permissions?.['id-token'] === 'write')
    expect(publishing).toHaveLength(1)
    expect(publishing[0]?.environment).toBe('npm')
    expect(publishing[0]?.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    const versioning = files.flatMap(jobsOf).filter((job) => job.permissions?.['contents'] === 'write')
    expect(versioning).toHaveLength(1)
    expect(versioning[0]?.permissions?.['id-token']).toBeUndefined()
  })

  it('never paste what a stranger wrote into a shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toMatch(/\$\{\{\s*(github\.event|github\.head_ref|inputs)/)
  })

  it('run the root scripts that a contributor runs', () => {
    const { scripts = {} } = readJson<Manifest>(join(workspaceRoot, 'package.json'))
    const commands = steps.flatMap(({ run, with: inputs }) => [run, inputs?.['version']]).filter((command) => typeof command === 'string')
    const named = commands.flatMap((command) => /^npm run ([\w:-]+)$/.exec(command)?.[1] ?? [])
    const matrix = files.flatMap(jobsOf).flatMap((job) => job.strategy?.matrix.include ?? [])
    for (const script of [...named, ...matrix.map((entry) => entry.script)]) expect(Object.keys(scripts)).toContain(script)
  })
})
