// Package faults makes the local cloud fail on purpose: what a service must survive on AWS can be tried here, one fault
// at a time, by whoever has the account's root.
//
// It is a service like the others, and no service of AWS: requests for it are signed for the name "faults" and speak
// JSON 1.1, with X-Amz-Target "Faults.PutFault", "Faults.DeleteFault" or "Faults.ListFaults". A Fault says what happens
// (its Kind), to which calls, and how often:
//
//	fail       an AWS error is answered, and nothing is done      calls: Service, Operation, Caller, Resource
//	throttle   the same, with the service's own throttling error  calls
//	slow       the call is held up before anything is done        calls
//	lose       the call takes effect, and its answer is lost      calls
//	duplicate  a message that enters a queue enters it twice      Resource, a queue's name
//	crash      the process of a function is killed                Resource, a function's name
//
// A fault of calls strikes whatever comes through the cloud's front, root's own calls included unless Caller names a
// role. Event source mappings and deliveries inside of the cloud make no calls: they are the receiver's duplicates and
// crashes. Queues of type FIFO keep no duplicates, so none are made there.
//
// Chance decides within the Rate; with a Seed it decides the same each time, call by call. Faults of calls strike in the
// order in which they were put, up to the first that ends the call. They are not part of the cloud's state: a cloud that starts
// has none.
package faults
