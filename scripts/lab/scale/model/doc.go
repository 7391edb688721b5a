// Package model carries a flow of messages through a model of AWS in virtual time: no network, no process, only
// numbers. It answers what no laptop can measure: what happens to a system at 10,000 requests a second.
//
// Time advances in steps of Tick. In each, requests arrive, functions and workers handle what their concurrency and
// rate allow, tables and the bus admit what their quotas allow, and what was published is delivered. Messages that
// fare alike are counted together, so the number of messages costs nothing. Counts are fractions for the same reason.
//
// What the model leaves out: cold starts, whose cost is latency and not throughput; the jitter of AWS's own latencies;
// hot partitions of a table. It agrees with make surge, which measures, where the two overlap (scripts/lab/surge).
package model
