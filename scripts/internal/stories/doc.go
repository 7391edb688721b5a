// Package stories reads and plays stories: what must be true of a system from outside, as text that a person can read.
//
// A story is a txtar file in services/stories: lines of verbs, and after them the files that the verbs name.
//
//	# A ship that is too long for every berth is turned away.
//	request POST /arrivals arrival.json
//	status 202
//	until GET /arrivals/$arrivalId .state refused
//	settle
//	saw harbour arrival.announced.v1 published=berth.refused.v1
//	! saw pilots pilot.ordered.v1
//
//	-- arrival.json --
//	{"ship": "Ada", "metres": 400}
//
// The comment before the first verb is its title. Words are separated by spaces; single quotes keep spaces, and # begins
// a comment. $name and ${name}, in lines and in files, stand for a variable; $$ is a dollar sign. $story is different each
// time that a story is played. "!" before a verb: it must fail, or what it looks for must be absent.
//
//	config SERVICE NAME=VALUE       a setting of a service, while stories are played on this machine
//	only local                      needs a local cloud: the story is skipped elsewhere
//	request METHOD PATH [FILE] [Header=value …]
//	                                keeps the members of the JSON answer as variables: $arrivalId. Without a status line
//	                                after it, the answer must be below 400
//	status CODE                     of the last answer
//	answer .member VALUE …          members of the last answer: .lines.0.sku, or * for any value
//	header NAME VALUE               of the last answer
//	until METHOD PATH .member VALUE …
//	                                asks until the answer has these members
//	publish [-id ID] [-as SERVICE] [-unchecked] EVENT [FILE] [member=value …]
//	                                publishes the event's example, or the file, with other members; sets $eventId.
//	                                The subject is $story unless a member says otherwise. -as: with the
//	                                permissions of that service alone. -unchecked: even against its schema
//	error TEXT                      is in the error of the last verb that failed under "!"
//	settle [reminders]              waits until no message is unhandled; with reminders, until the story's own are, too
//	saw SERVICE EVENT [OUTCOME] [count=N] [published=EVENT,…]
//	                                waits until the service took N (1) events of the type with that outcome (handled),
//	                                each publishing just those. "!": it took none; settle first
//	published SERVICE EVENT [count=N|EVENT]
//	                                waits until the service has published N (1) of the type, or as many as of another
//	dead-letter SERVICE [REASON [TEXT]]
//	                                waits for a dead letter with the reason and a text in its error, and deletes it
//	queue SERVICE                   the service's queues hold nothing
//	state SERVICE KEY .member VALUE …
//	                                waits until a document of the service has these members (store dynamodb)
//	set NAME VALUE                  a variable
//	time NAME DURATION              a variable: now and a duration from it, as RFC 3339
//
// Each request and each published event begins an execution, with a correlation id of its own; saw, published and
// dead-letter look at those of the story only, so that stories run side by side.
//
// The same text serves the tests, make demo, the smoke test after a deploy, the console, the benchmark, and the
// customers of the simulation.
package stories
