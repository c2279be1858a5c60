/** What an integer column of 64 bits holds at most, with its sign. */
export const maxInt64: bigint = 2n ** 63n - 1n
export const minInt64: bigint = -(2n ** 63n)
