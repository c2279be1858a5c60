// NestJS on its Fastify adapter. Node strips types, not decorators, so each decorator is called as the function it is.
import 'reflect-metadata'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import {
  Body,
  type CanActivate,
  type CallHandler,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Module,
  type NestInterceptor,
  Param,
  ParseIntPipe,
  type PipeTransform,
  Post,
  Put,
  Req,
  type Type,
  UnauthorizedException,
  ValidationPipe,
  BadRequestException,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { Type as Typed } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Observable, tap } from 'rxjs'
import {
  type Action,
  actions,
  allowedOrigin,
  defaultTheme,
  type Order,
  type OrderReceipt,
  receiptFor,
  resources,
  type ResourceAnswer,
  type User,
  userById,
} from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed, isBearer, requestIds } from './by-hand.ts'
import { listen } from './fastify-routes.ts'

export async function start(workload: WorkloadName): Promise<number> {
  class AppModule {}
  Module({ controllers: controllers[workload]() })(AppModule)
  const adapter = new FastifyAdapter(workload === 'stack' ? { genReqId: requestIds() } : {})
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false })
  if (workload === 'order') app.useGlobalPipes(new ValidationPipe({ transform: true }))
  if (workload === 'stack') await stack(app)
  await app.init()
  return listen(adapter.getInstance())
}

const controllers: Readonly<Record<WorkloadName, () => Type[]>> = {
  hello: () => [helloController()],
  user: () => [userController()],
  order: () => [orderController()],
  stack: () => resources.map(resourceController),
}

function decorate(target: object, method: string, ...decorators: MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, method) as PropertyDescriptor
  for (const decorator of decorators) decorator(target, method, descriptor)
}

function helloController(): Type {
  class HelloController {
    hello(): object {
      return { hello: 'world' }
    }
  }
  Controller()(HelloController)
  decorate(HelloController.prototype, 'hello', Get())
  return HelloController
}

/** ParseIntPipe says nothing of a minimum. */
const atLeastOne: PipeTransform<number, number> = {
  transform(value) {
    if (value < 1) throw new BadRequestException('The id must be at least 1.')
    return value
  },
}

function userController(): Type {
  class UserController {
    show(id: number): User {
      return userById(id)
    }
  }
  Controller('users')(UserController)
  decorate(UserController.prototype, 'show', Get(':id'))
  Param('id', ParseIntPipe, atLeastOne)(UserController.prototype, 'show', 0)
  return UserController
}

function orderController(): Type {
  class OrderController {
    create(body: Order): OrderReceipt {
      return receiptFor(body)
    }
  }
  Controller('orders')(OrderController)
  decorate(OrderController.prototype, 'create', Post(), HttpCode(201))
  Body()(OrderController.prototype, 'create', 0)
  Reflect.defineMetadata('design:paramtypes', [orderDto()], OrderController.prototype, 'create')
  return OrderController
}

function orderDto(): Type {
  class Customer {}
  rule(Customer, 'name', IsString(), Length(1, 100))
  rule(Customer, 'email', IsString(), Length(3, 254))
  rule(Customer, 'street', IsString(), MaxLength(200))
  rule(Customer, 'city', IsString(), MaxLength(100))
  rule(Customer, 'zip', IsString(), MaxLength(20))
  rule(Customer, 'country', IsString(), MaxLength(100))
  class Line {}
  rule(Line, 'sku', IsString(), MinLength(1), MaxLength(40))
  rule(Line, 'title', IsString(), MaxLength(200))
  rule(Line, 'quantity', IsInt(), Min(1), Max(1000))
  rule(Line, 'price', IsInt(), Min(0))
  rule(Line, 'taxRate', IsNumber(), Min(0), Max(1))
  class OrderDto {}
  rule(
    OrderDto,
    'customer',
    ValidateNested(),
    Typed(() => Customer),
  )
  rule(OrderDto, 'currency', IsString(), Length(3, 3))
  rule(OrderDto, 'note', IsString(), MaxLength(1000))
  rule(
    OrderDto,
    'lines',
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(100),
    ValidateNested({ each: true }),
    Typed(() => Line),
  )
  return OrderDto
}

function rule(type: Type, property: string, ...decorators: PropertyDecorator[]): void {
  for (const decorator of decorators) decorator(type.prototype as object, property)
}

const verbs = { GET: Get, POST: Post, PUT: Put, DELETE: Delete } as const

function resourceController(resource: string): Type {
  class ResourceController {
    list(request: FastifyRequest): ResourceAnswer {
      return answer('list', '', request)
    }
    show(request: FastifyRequest, id: string): ResourceAnswer {
      return answer('show', id, request)
    }
    create(request: FastifyRequest): ResourceAnswer {
      return answer('create', '', request)
    }
    update(request: FastifyRequest, id: string): ResourceAnswer {
      return answer('update', id, request)
    }
    remove(request: FastifyRequest, id: string): ResourceAnswer {
      return answer('remove', id, request)
    }
  }
  const answer = (action: Action, id: string, request: FastifyRequest): ResourceAnswer => ({
    resource,
    action,
    id,
    theme: request.cookies['theme'] ?? defaultTheme,
  })
  Controller(resource)(ResourceController)
  for (const { action, method, path } of actions) {
    decorate(ResourceController.prototype, action, verbs[method](path), HttpCode(200))
    Req()(ResourceController.prototype, action, 0)
    if (path !== '') Param('id')(ResourceController.prototype, action, 1)
  }
  return ResourceController
}

async function stack(app: NestFastifyApplication): Promise<void> {
  app.enableCors({ origin: [allowedOrigin], credentials: true, methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'] })
  await app.register(helmet)
  await app.register(cookie)
  app.use((request: { id?: string }, response: { setHeader(name: string, value: string): void }, next: () => void) => {
    response.setHeader('x-request-id', request.id ?? '')
    next()
  })
  app.useGlobalGuards(new BearerGuard())
  app.useGlobalInterceptors(new ResponseTime())
}

class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    if (!isBearer(request.headers.authorization)) throw new UnauthorizedException()
    return true
  }
}

class ResponseTime implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const startedAt = performance.now()
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    return next.handle().pipe(tap(() => reply.header('x-response-time', formatElapsed(startedAt))))
  }
}
