package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
)

// place is a bell's place, found by its tower.
type place struct {
	Bell  string `json:"bell"`
	Tower string `json:"tower"`
	By    string `json:"by"` // the index
}

func (p *place) Key() string { return "place/" + p.Bell }

func (p *place) Indexes() []eventing.Index {
	return []eventing.Index{{Name: p.By, Value: p.Tower}}
}

// list answers with the bells of a tower, and the cursor of the next page.
func list(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	query := eventing.Query{Index: r.PathValue("by"), Value: r.PathValue("tower"), Limit: 1, After: r.FormValue("after")}
	bells, next, err := eventing.Find[place](r.Context(), tx, query)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"bells": bells, "next": next})
}

func TestQueriesFind(t *testing.T) {
	h := newHouse(t)
	declared, err := manifest.Parse("service.json", []byte(strings.Replace(tower.Declaration, `"store"`, `"indexes": ["tower"], "store"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	h.router = web.NewRouter(unit.New(declared, h.store, h.bus, true), []web.Route{
		{Pattern: "GET /by/{by}/{tower}", Handler: list},
		{Pattern: "POST /by/{by}/{tower}/{bell}", Unit: true, Handler: func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
			tx.Save(&place{Bell: r.PathValue("bell"), Tower: r.PathValue("tower"), By: r.PathValue("by")})
			w.WriteHeader(http.StatusNoContent)
			return nil
		}},
	})
	want := func(method, path string, status int, body string) {
		t.Helper()
		answer, got := ask(t, h, method, path, "")
		if answer.StatusCode != status || !strings.Contains(got, body) {
			t.Errorf("%s %s: %d %s; want %d %s", method, path, answer.StatusCode, got, status, body)
		}
	}
	want("GET", "/by/tower/north", 200, `{"bells":[],"next":""}`)
	want("POST", "/by/tower/north/tim", 204, "")
	want("POST", "/by/tower/north/tom", 204, "")
	want("GET", "/by/tower/north", 200, `{"bells":[{"bell":"tim","tower":"north","by":"tower"}],"next":"`)
	tx := eventing.NewTx(h.store)
	_, next, err := eventing.Find[place](t.Context(), tx, eventing.Query{Index: "tower", Value: "north", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	want("GET", "/by/tower/north?after="+next, 200, `{"bells":[{"bell":"tom","tower":"north","by":"tower"}],"next":""}`)
	want("GET", "/by/tower/south?after="+next, 400, `"detail":"Use one that was returned for the same query, or none for the first page."`)
	want("GET", "/by/tower/north?after=x", 400, `"title":"The cursor is invalid"`)
	want("GET", "/by/height/north", 500, "")
	want("POST", "/by/height/north/tam", 500, "")
	if lines := h.log.Text(); strings.Count(lines, `the code uses the index \"height\": add it to \"indexes\" in service.json; it declares tower`) < 2 {
		t.Errorf("the log does not say which index is not declared: %s", lines)
	}
}

// TestAnOutageOfAnIndexIsTemporary asks the client to come again.
func TestAnOutageOfAnIndexIsTemporary(t *testing.T) {
	work := eventing.Work(func(ctx context.Context, tx *eventing.Tx) error {
		_, _, err := eventing.Find[place](ctx, tx, eventing.Query{Index: "tower", Value: "north"})
		return err
	})
	if _, err := work.Run(t.Context(), broken{}); !errors.Is(err, eventing.ErrStore) {
		t.Errorf("%v; want ErrStore, which is answered with 503", err)
	}
}

// broken is a state that can't be read.
type broken struct{}

func (broken) Read(context.Context, string) ([]byte, int64, error) { return nil, 0, errors.New("away") }

func (broken) Search(context.Context, eventing.Search) ([]eventing.Found, bool, error) {
	return nil, false, errors.New("away")
}
