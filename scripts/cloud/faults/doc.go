// Package faults makes the local cloud fail on purpose, so that you can test whether a service survives what can
// happen on AWS. Only the account's root user may inject faults.
//
// It is a service like the others, but not one of AWS. Requests are signed for the name "faults" and use JSON 1.1,
// with X-Amz-Target "Faults.PutFault", "Faults.DeleteFault" or "Faults.ListFaults". A Fault defines what happens (its
// Kind), to which calls, and how often:
//
//	fail       the call has no effect and returns an AWS error    calls: Service, Operation, Caller, Resource
//	throttle   the same, with the service's own throttling error  calls
//	slow       the call is delayed before it has an effect        calls
//	lose       the call has an effect, but its response is lost   calls
//	duplicate  a message that enters a queue enters it twice      Resource, a queue's name
//	crash      the process of a function is killed                Resource, a function's name
//
// A fault of calls affects all requests to the cloud, including root's own unless Caller names a role. Event source
// mappings and deliveries inside the cloud make no requests; duplicate and crash are the faults for their receivers.
// FIFO queues store no duplicates, so duplicate does not affect them.
//
// A fault strikes at random, at its Rate. With a Seed, the sequence of decisions is the same each time. Faults of
// calls apply in the order in which they were put, up to the first one that ends the call. Faults are not part of the
// cloud's saved state: a cloud starts without any.
package faults
