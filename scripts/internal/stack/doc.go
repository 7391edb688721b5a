// Package stack runs the whole troupe on this machine: builds the services, wires them
// and starts them, and takes everything down again.
//
// There are two ways. With the local cloud, Lambda services are functions of it, with
// the permissions of their roles. With any other AWS-compatible endpoint, every
// service is a worker that polls its queue, and a small proxy stands where the HTTP API
// would; nothing is then asked of the endpoint but queues, topics, a bus and tables.
//
// make up, make demo and the stories are all built on it, so what is tested is what people run.
package stack
