package invariant_test

import (
	"encoding/json"
	"testing"

	"example.com/troupe/services/kit/invariant"
)

func TestDocuments(t *testing.T) {
	type kite struct{ Colour string }
	w := &invariant.World{Documents: map[string]map[string]json.RawMessage{
		"shed":  {"kite/1": []byte(`{"colour": "red"}`), "kite/2": []byte(`{"colour": "blue"}`), "string/1": []byte(`{}`)},
		"attic": {"kite/3": []byte(`{"colour": "grey"}`)},
	}}
	found, err := invariant.Documents[kite](w, "shed", "kite/")
	if err != nil || len(found) != 2 || found["1"].Colour != "red" || found["2"].Colour != "blue" {
		t.Errorf("found %v, %v", found, err)
	}
	w.Documents["shed"]["kite/4"] = []byte(`[]`)
	if _, err := invariant.Documents[kite](w, "shed", "kite/"); err == nil {
		t.Error("a document that is no kite was read")
	}
}

func TestViolations(t *testing.T) {
	var broken invariant.Violations
	broken.Add("a kite has one string", "k-1", "it has %d", 2)
	broken.Add("kites fly", "", "no")
	if broken[0].String() != "a kite has one string: k-1 it has 2" || broken[1].String() != "kites fly: no" {
		t.Errorf("got %q and %q", broken[0], broken[1])
	}
}
