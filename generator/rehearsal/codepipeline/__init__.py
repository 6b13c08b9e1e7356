"""CodePipeline on this machine: AWS's API, and executions that do what AWS's would do.

How it hangs together: `service` answers operations from `service_state`; `engine` is a state machine that decides
which action starts next and never waits; `workers` carries one action out on a thread of its own; `actions/`
holds one file per action provider; `event_publisher` passes on what happened, to the event bus and to whoever watches.

**The one lock.** `World.lock` guards everything that changes: pipelines, executions, jobs, approvals. Every
operation of the API takes it once, at its door; the engine's methods are called with it held and return at
once. A worker holds it only to report, or to wait on `ServiceState.changed`, which gives it up meanwhile. Nobody calls
a provider, a client of another service or a foreign thread while holding it, so it cannot be part of a deadlock.
`ServiceState.changed` is notified after every change; whoever waits, waits on it, through the clock.
"""
