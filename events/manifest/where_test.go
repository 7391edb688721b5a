package manifest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

const sailed = `{"type": "object", "required": ["shipId", "flag", "tonnes", "crew"], "properties": {
	"shipId": {"type": "string", "pattern": "^ship-"}, "flag": {"$ref": "#/$defs/Flag"}, "tonnes": {"type": "integer", "minimum": 1, "maximum": 500},
	"crew": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "rank": {"enum": ["mate", "cook"]}}}},
	"ports": {"type": "array", "items": {"type": "string", "enum": ["hull", "ryde"]}}, "pilot": {"type": ["string", "null"]},
	"cargo": {"type": "object", "additionalProperties": {"type": "integer"}}, "papers": {"type": "object"}, "nest": {"$ref": "#/$defs/Nest"}, "kind": {"const": "ferry"},
	"berth": {"oneOf": [{"$ref": "#/$defs/Quay"}, {"$ref": "#/$defs/Buoy"}]}},
	"$defs": {"Flag": {"type": "string", "enum": ["GR", "NL"]},
		"Quay": {"type": "object", "required": ["at"], "properties": {"at": {"const": "quay"}, "number": {"type": "integer"}}},
		"Nest": {"type": "array", "items": {"$ref": "#/$defs/Nest"}}, "Buoy": {"type": "object", "required": ["at"], "properties": {"at": {"const": "buoy"}, "depth": {"type": "number"}}}}}`

// TestWhereThatNoEventMatches refuses each pattern at its place, and takes those that some valid event matches.
func TestWhereThatNoEventMatches(t *testing.T) {
	const fine = ""
	for pattern, want := range map[string]string{
		`"data": {"flag": ["GR"]}`:                                    fine,
		`"data": {"flag": ["GB", "GR"]}`:                              "/data/flag/0 must be one of GR, NL: no valid ship.sailed.v1 has this value",
		`"data": {"flga": ["GR"]}`:                                    "/data/flga must be a member that ship.sailed.v1 has: berth, cargo, crew, flag, kind, nest, papers, pilot, ports, shipId, tonnes; did you mean flag?",
		`"data": {"tonnes": [100]}`:                                   fine,
		`"data": {"tonnes": ["100"]}`:                                 "/data/tonnes/0 must be of type integer, not string: no valid",
		`"data": {"tonnes": [1.5]}`:                                   "/data/tonnes/0 must be of type integer, not number",
		`"data": {"tonnes": [501]}`:                                   "/data/tonnes/0 must be at most 500",
		`"data": {"shipId": ["boat-1"]}`:                              "/data/shipId/0 must be text that matches ^ship-",
		`"data": {"shipId": [1]}`:                                     "/data/shipId/0 must be of type string, not number",
		`"data": {"kind": ["ferry"]}`:                                 fine,
		`"data": {"kind": ["fery"]}`:                                  "/data/kind/0 must be ferry: no valid ship.sailed.v1 has this value; did you mean ferry?",
		`"data": {"pilot": [null, "Ann"]}`:                            fine,
		`"data": {"flag": [null]}`:                                    "/data/flag/0 must be",
		`"data": {"crew": {"name": ["Ann"]}}`:                         fine,
		`"data": {"crew": {"rank": ["cock"]}}`:                        "/data/crew/rank/0 must be one of mate, cook: no valid ship.sailed.v1 has this value; did you mean cook?",
		`"data": {"ports": ["ryde"]}`:                                 fine,
		`"data": {"ports": ["rode"]}`:                                 "did you mean ryde?",
		`"data": {"shipId": {"x": [1]}}`:                              "/data/shipId/x must be left out: there are no members in it",
		`"data": {"cargo": {"coal": [5]}}`:                            fine,
		`"data": {"cargo": {"coal": ["5"]}}`:                          "/data/cargo/coal/0 must be of type integer",
		`"data": {"papers": {"any": {"thing": ["x"]}}}`:               fine,
		`"data": {"nest": ["egg"]}`:                                   fine,
		`"data": {"berth": {"number": [1]}}`:                          fine,
		`"data": {"berth": {"depth": [1.5], "at": ["buoy"]}}`:         fine,
		`"data": {"berth": {"at": ["bay"]}}`:                          "/data/berth/at/0 must be quay, or buoy",
		`"data": {"berth": {"hight": [1]}}`:                           "/data/berth/hight must be a member that ship.sailed.v1 has: at, depth, number",
		`"data": {"berth": ["quay"]}`:                                 "/data/berth/0 must be of type object, not string",
		`"data": {"flag": [{"prefix": "G"}]}`:                         fine,
		`"data": {"flag": [{"prefix": "g"}]}`:                         "/data/flag/0/prefix must be left out or changed: it matches no value that a valid ship.sailed.v1 has there: GR, NL",
		`"data": {"flag": [{"prefix": {"equals-ignore-case": "g"}}]}`: fine,
		`"data": {"flag": [{"suffix": "L"}]}`:                         fine,
		`"data": {"flag": [{"suffix": "B"}]}`:                         "/data/flag/0/suffix must be left out",
		`"data": {"flag": [{"equals-ignore-case": "gr"}]}`:            fine,
		`"data": {"flag": [{"equals-ignore-case": "gb"}]}`:            "/data/flag/0/equals-ignore-case must be left out",
		`"data": {"flag": [{"wildcard": "*R"}]}`:                      fine,
		`"data": {"flag": [{"wildcard": "*X*"}]}`:                     "/data/flag/0/wildcard must be left out",
		`"data": {"shipId": [{"cidr": "10.0.0.0/8"}]}`:                fine,
		`"data": {"tonnes": [{"prefix": "1"}]}`:                       "/data/tonnes/0/prefix must be left out or changed: it matches no value that a valid ship.sailed.v1 has there: integer",
		`"data": {"shipId": [{"prefix": 1}]}`:                         "/data/shipId/0/prefix must be a text",
		`"data": {"shipId": [{"prefx": "a"}]}`:                        "/data/shipId/0/prefx must be one of prefix, suffix, equals-ignore-case, wildcard, cidr, numeric, exists, anything-but; did you mean prefix?",
		`"data": {"tonnes": [{"numeric": [">", 400]}]}`:               fine,
		`"data": {"tonnes": [{"numeric": [">", 500]}]}`:               "/data/tonnes/0/numeric must be left out or changed: no valid ship.sailed.v1 has such a number there: integer",
		`"data": {"tonnes": [{"numeric": [">=", 500]}]}`:              fine,
		`"data": {"tonnes": [{"numeric": ["<", 1]}]}`:                 "/data/tonnes/0/numeric must be left out",
		`"data": {"tonnes": [{"numeric": ["=", 0]}]}`:                 "/data/tonnes/0/numeric must be left out",
		`"data": {"tonnes": [{"numeric": [">", 5, "<", 3]}]}`:         "/data/tonnes/0/numeric must be left out",
		`"data": {"tonnes": [{"numeric": [5]}]}`:                      "/data/tonnes/0/numeric must be a list such as",
		`"data": {"shipId": [{"numeric": [">", 5]}]}`:                 "/data/shipId/0/numeric must be left out or changed: no valid ship.sailed.v1 has such a number there: string",
		`"data": {"pilot": [{"exists": false}]}`:                      fine,
		`"data": {"shipId": [{"exists": false}]}`:                     "/data/shipId/0/exists must be true or left out: every valid ship.sailed.v1 has this member",
		`"data": {"crew": {"name": [{"exists": false}]}}`:             fine, // there may be no crew
		`"data": {"berth": [{"exists": true}]}`:                       "/data/berth/0/exists must be in a member of this object",
		`"data": {"flag": [{"anything-but": "GR"}]}`:                  fine,
		`"data": {"flag": [{"anything-but": ["GB"]}]}`:                "/data/flag/0/anything-but/0 must be one of GR, NL",
		`"data": {"flag": [{"anything-but": ["GR", "NL"]}]}`:          "/data/flag/0/anything-but must be shorter: it excludes every value",
		`"data": {"tonnes": [{"anything-but": {"prefix": "1"}}]}`:     "/data/tonnes/0/anything-but/prefix must be left out",
		`"data": {"$or": [{"flag": ["GR"]}, {"tonnes": ["1"]}]}`:      "/data/$or/1/tonnes/0 must be of type integer",
		`"metadata": {"producer": ["harbour"]}`:                       fine,
		`"metadata": {"producer": ["harbor"]}`:                        "/metadata/producer/0 must be harbour: no valid ship.sailed.v1 has this value; did you mean harbour?",
		`"metadata": {"type": ["ship.sunk.v1"]}`:                      "/metadata/type/0 must be ship.sailed.v1",
		`"metadata": {"correlationID": ["1"]}`:                        "/metadata/correlationID must be a member that ship.sailed.v1 has: causationId, correlationId,",
	} {
		document := fmt.Sprintf("{\n\"name\": \"pilot\", \"description\": \"For the test.\", \"runtime\": \"worker\",\n\"subscribes\": [{\"event\": \"ship.sailed.v1\", \"where\": {%s}}]}", pattern)
		manifests, err := manifest.Load(fstest.MapFS{"services/pilot/service.json": {Data: []byte(document)}})
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		contract := events.Contract{Type: "ship.sailed.v1", Producer: "harbour", Channel: events.SNS, Schema: []byte(sailed)}
		err = manifest.Verify(manifests, []schema.Event{{Contract: contract}})
		if want == fine && err != nil || want != fine && (err == nil || !strings.Contains(err.Error(), "services/pilot/service.json:3:") || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", pattern, err, want)
		}
	}
}

// TestWhereOfAnEventFromOutside holds that its data can be matched, and metadata can't: the envelope is made after the rule.
func TestWhereOfAnEventFromOutside(t *testing.T) {
	sighted := schema.Event{Contract: events.Contract{
		Type: "ship.sighted.v1", Producer: "coastguard", Channel: events.EventBridge, Schema: []byte(sailed), Outside: &events.Outside{Source: "org.coastguard", DetailType: "Sighting"},
	}}
	for where, want := range map[string]string{
		`{"data": {"flag": ["GR"]}}`:                     "",
		`{"data": {"flag": ["GB"]}}`:                     "3:73: /subscribes/0/where/data/flag/0 must be one of GR, NL",
		`{"metadata": {"producer": ["org.coastguard"]}}`: "3:55: /subscribes/0/where/metadata must be left out: ship.sighted.v1 comes from outside",
	} {
		document := fmt.Sprintf("{\n\"name\": \"pilot\", \"description\": \"For the test.\", \"runtime\": \"worker\",\n\"subscribes\": [{\"event\": \"ship.sighted.v1\", \"where\": %s}]}", where)
		manifests, err := manifest.Load(fstest.MapFS{"services/pilot/service.json": {Data: []byte(document)}})
		if err != nil {
			t.Fatal(err)
		}
		if err = manifest.Verify(manifests, []schema.Event{sighted}); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", where, err, want)
		}
	}
}
