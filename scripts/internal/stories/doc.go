// Package stories reads and plays stories: descriptions of what must be true of a system, seen from outside, as text
// that a person can read.
//
// A story is a txtar file in services/stories: lines that begin with verbs, followed by the files that they name.
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
// The comment before the first verb is the title. Spaces separate words; single quotes keep spaces, and # begins a
// comment. $name and ${name}, in lines and in files, are replaced by a variable; $$ is a dollar sign. $story differs each
// time the story is played. "!" before a verb means that it must fail, or that what it looks for must not exist.
//
//	config SERVICE NAME=VALUE       sets a service's setting while stories are played on this machine
//	only local                      needs a local cloud: elsewhere the story is skipped
//	request METHOD PATH [FILE] [Header=value …]
//	                                makes a request, and sets variables from the members of the JSON response, such as
//	                                $arrivalId. Unless a status line follows, the status must be below 400
//	status CODE                     checks the last response's status
//	answer .member VALUE …          checks members of the last response: .lines.0.sku, or * for any value
//	header NAME VALUE               checks a header of the last response
//	until METHOD PATH .member VALUE …
//	                                repeats a request until the response has these members
//	publish [-id ID] [-as SERVICE] [-unchecked] EVENT [FILE] [member=value …]
//	                                publishes the event's example, or the file, with some members replaced; sets
//	                                $eventId. The subject is $story unless a member sets it. -as: with that service's
//	                                permissions only. -unchecked: even if it breaks its schema
//	error TEXT                      checks that the error of the last verb that failed under "!" contains a text
//	settle [reminders]              waits until everything is handled; with reminders, the story's own reminders too
//	saw SERVICE EVENT [OUTCOME] [count=N] [published=EVENT,…]
//	                                waits until the service has handled N (1) events of the type with that outcome
//	                                (handled), and published exactly the listed events for each. "!": it has handled
//	                                none; settle first
//	published SERVICE EVENT [count=N|EVENT]
//	                                waits until the service has published N (1) of the type, or as many as of another
//	dead-letter SERVICE [REASON [TEXT]]
//	                                waits for a dead letter with the reason, and a text in its error, and deletes it
//	queue SERVICE                   checks that the service's queues are empty
//	state SERVICE KEY .member VALUE …
//	                                waits until a document of the service has these members (store dynamodb)
//	set NAME VALUE                  sets a variable
//	time NAME DURATION              sets a variable to a time, as RFC 3339: now plus a duration
//
// Each request and each published event begins an execution with its own correlation ID. saw, published and dead-letter
// only look at the story's own executions, so that stories can be played concurrently.
//
// The tests, make demo, the smoke test after a deployment, the console, the benchmark, and the simulation's customers
// all use the same stories.
package stories
