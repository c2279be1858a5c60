/** How long each engine is soaked. */
export const soakMinutes = Number(process.env['SOAK_MINUTES'] ?? '1')

/** Whether there is time for the sizes that a short run only comes near to. */
export const isLong = soakMinutes > 1
