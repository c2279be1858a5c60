/** Everything of all instances, hidden fields too, and which of them are one. @param sorts lists that came in no order */
export function pictureOf(value: unknown, sorts = false, seen: Map<object, number> = new Map()): unknown {
  if (Array.isArray(value)) return (sorts ? value.toSorted(byKey) : value).map((each: unknown) => pictureOf(each, sorts, seen))
  if (!(value instanceof Object) || Object.getPrototypeOf(value).constructor.name === 'Date' || value instanceof Uint8Array) return value
  const known = seen.get(value)
  if (known !== undefined) return `the instance ${known}`
  seen.set(value, seen.size)
  // Relations are given to instances in the order in which their queries end.
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [value.constructor.name, ...members.map(([name, member]) => [name, pictureOf(member, sorts, seen)])]
}

function byKey(one: unknown, other: unknown): number {
  const [left = 0, right = 0] = [one, other].map((each) => (each as { id?: number | bigint }).id)
  return Number(left) - Number(right)
}
