import type { Driver } from './driver.ts'

const drivers = new WeakMap<object, Driver>()

/** Notes the driver behind a database, which users of the database have no business with. */
export function bindDriver(database: object, driver: Driver): void {
  drivers.set(database, driver)
}

export function driverOf(database: object): Driver | undefined {
  return drivers.get(database)
}
