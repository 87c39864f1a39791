/** One service as `up` runs it: a program with these variables, ready when its URL answers 200. */
export interface ServiceSpec {
  /** "chat-service", "gateway-2". */
  readonly name: string;
  readonly version: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it reads and is written before its start: contents by absolute path. Default none. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where people and other services reach it: "127.0.0.1:4005", "http://127.0.0.1:3000". */
  readonly address: string;
  /** Answers 200 once it serves. */
  readonly readyUrl: string;
}

/** The servers that run before any service is started. */
export interface RunningServers {
  /** With a database name. */
  readonly mongoUri: string;
  readonly mongo: 'replicaSet' | 'sharded';
  readonly redisMode: 'single' | 'cluster';
  /** "127.0.0.1:6479" of each node. */
  readonly redisAddresses: readonly string[];
}

/** A program that has to have ended well before any service starts. */
export interface StepSpec {
  /** "jobs-create-months". */
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What runs on the servers. */
export interface ServicePlan {
  /** One after the other, each to its end. */
  readonly steps: readonly StepSpec[];
  /** Groups one after the other, the services of a group together. */
  readonly groups: readonly (readonly ServiceSpec[])[];
}

/** Tells what to start on those servers. */
export type ServicePlanner = (servers: RunningServers) => ServicePlan;
