// Package cost says what a flow costs on AWS, what it costs while nothing happens, and at which rate it breaks.
//
// It has three inputs: what was used while stories were played (Usage), what is deployed (the topology and an
// environment's tfvars), and two files of figures, each with its region, date and source: prices.json and
// quotas.json. To bring them up to date, edit the entry and its source; nothing else contains a price or a quota.
package cost
