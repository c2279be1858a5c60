export { driverContract } from './contract/driver-contract.ts'
export type { DriverSubject, TestApi } from './contract/subject.ts'
