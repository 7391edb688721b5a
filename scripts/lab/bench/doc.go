// Command bench measures the local cloud, the services of the checkout and the flow of one of its stories on this
// machine, and writes the results to REPORT.md. See go -C scripts/lab run ./bench -h.
//
// Most of what a client observes of the local cloud's speed is the client's own cost: signing, encoding and HTTP cost
// more than the service behind them. Every figure over the network is therefore reported as a ratio to what the same
// client reaches with a server that only sends recorded responses (package null). The two take turns, so that other
// load on the machine affects both; a ratio compares neighbouring measurements, and the report states its median and
// spread. Servers run in their own processes, so that their CPU time can be read.
//
// Memory is measured by slope: how much the heap of cloud and console, after a garbage collection, grows with each
// execution once everything bounded is full. What tables and queues take is taken off, since services own it.
package main
