// Command bench measures the local cloud, the services of the checkout and the flow of one of its stories on this
// machine, and writes what it found into REPORT.md beside it. See go -C scripts/lab run ./bench -h.
//
// Most of what a client sees of the local cloud's speed is the client's own: signing, encoding and
// HTTP cost more than the service behind them. So every figure over the network has a ceiling beside it,
// what the same client reaches with a server that only answers (package null), and counts by its ratio to
// it. The two take turns, so that what else the machine does falls on both; a ratio is that of
// neighbours in time, and the report gives its median and its spread. Servers are processes of their
// own, whose CPU time can be read.
package main
