/** The same data on every machine: computed from the row's number. */
export interface User {
  id: number
  email: string
  name: string | null
  role: string
  age: number
  city: string
  bio: string | null
  score: number
  logins: number
  country: string
}

export interface Post {
  id: number
  author_id: number
  title: string
  body: string
  views: number
  rating: number
}

export interface Note {
  author_id: number
  title: string
  body: string
  views: number
}

/** A row of the tables that answer over HTTP. */
export interface Item {
  id: number
  title: string
  note: string | null
  views: number
  draft: boolean
  created_at: string
}

export const userCount = 1_000
export const postsPerUser = 20
export const postCount: number = userCount * postsPerUser

const cities = ['Lisbon', 'Oslo', 'Kraków', 'Nairobi', 'Osaka', 'Quito', 'Turin']
const countries = ['PT', 'NO', 'PL', 'KE', 'JP', 'EC', 'IT']
const words = 'a query that runs a thousand times should cost what it does and nothing else besides'.split(' ')

export function user(id: number): User {
  return {
    id,
    email: `user${id}@example.com`,
    name: id % 7 === 0 ? null : `User Number ${id}`,
    role: id % 50 === 0 ? 'admin' : 'member',
    age: 18 + (id % 60),
    city: cities[id % cities.length] as string,
    bio: id % 3 === 0 ? null : sentence(id, 12),
    score: (id % 97) + 0.5,
    logins: id * 3,
    country: countries[id % countries.length] as string,
  }
}

/** Author `n` wrote the posts `20n - 19` to `20n`. */
export function post(id: number): Post {
  return {
    id,
    author_id: Math.ceil(id / postsPerUser),
    title: `Post ${id}: ${sentence(id, 4)}`,
    body: sentence(id, 20),
    views: viewsOf(id),
    rating: ratingOf(id),
  }
}

/** Each number once: 7919 has no common factor with 20,000. */
export const viewsOf = (post: number): number => (post * 7919) % postCount
export const ratingOf = (post: number): number => (post % 9) / 2 + 0.25

export function note(index: number): Note {
  return {
    author_id: 1 + (index % userCount),
    title: `Note ${String(index).padStart(8, '0')}`,
    body: sentence(index, 10),
    views: index % 500,
  }
}

export function item(id: number): Item {
  return {
    id,
    title: `Item ${id}: ${sentence(id, 4)}`,
    note: id % 4 === 0 ? null : `says "${sentence(id, 6)}"`,
    views: id * 11,
    draft: id % 5 === 0,
    created_at: new Date(Date.UTC(2026, 0, 1) + id * 61_001).toISOString(),
  }
}

export const users = (): User[] => Array.from({ length: userCount }, (_, index) => user(index + 1))
export const posts = (): Post[] => Array.from({ length: postCount }, (_, index) => post(index + 1))
export const items = (count: number): Item[] => Array.from({ length: count }, (_, index) => item(index + 1))

function sentence(seed: number, length: number): string {
  return Array.from({ length }, (_, index) => words[(seed + index * 5) % words.length]).join(' ')
}
