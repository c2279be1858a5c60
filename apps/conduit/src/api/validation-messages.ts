import type { ValidationIssue } from '@covet/core'
import type { ErrorMessages } from './errors.ts'

const blankMessage = "can't be blank"

/** Groups issues by bare field name: `title`, not `article.title`. A field with nothing in it is blank, whatever else it breaks. */
export function messagesOf(issues: readonly ValidationIssue[], body: unknown): ErrorMessages {
  const messages = new Map<string, Set<string>>()
  for (const issue of issues) {
    const field = fieldOf(issue)
    const isBlank = issue.in === 'body' && isNothing(valueAt(body, issue.path))
    messages.set(field, (messages.get(field) ?? new Set()).add(isBlank ? blankMessage : issue.message))
  }
  return Object.fromEntries([...messages].map(([field, all]) => [field, [...all]]))
}

/** The last name on the path: an item of `tagList` is reported as `tagList`, a body that is no object as `body`. */
function fieldOf({ in: part, path }: ValidationIssue): string {
  const names = membersOf(path).filter((member) => !/^\d+$/.test(member))
  return names.at(-1) ?? part
}

function valueAt(root: unknown, path: string): unknown {
  return membersOf(path).reduce((value, member) => (value as Record<string, unknown> | null | undefined)?.[member], root)
}

/** JSON Pointer, RFC 6901. */
function membersOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((member) => member.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
