// Package office holds what runs the office of the company: the accounts of staff and
// what they may see, sessions, the audit log, and the small tables by which replicas
// of the program share work.
//
// It owns passwords, too: how they are hashed, what a new one must be like, and how many
// wrong ones a day are taken ([Authenticate]), for every door that asks for one.
//
// It owns the tables staff, sessions, audit, attempts, imports, job_runs, leases and
// cache_entries, and the rules of who may do what: a [Permission] says what a role may
// open or do, a [Scope] which rooms a member of staff may see. Nothing here is about
// money.
//
// Two clocks are in use:
//
//   - sessions, leases and shared values end in real time ([models.RealNow]): a set
//     business clock must neither lengthen nor end them;
//   - everything else is dated in business time. The day of [CountAttempt] is a day
//     in Asia/Shanghai, and so are the days of an [AuditFilter].
//
// The audit log only grows. An account of staff is never deleted either, but disabled:
// the log keeps naming it.
package office
