package drawing

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/surge"
)

// burst returns a surge that loses four of five events without a queue, sampled at given seconds.
func burst(at ...float64) *surge.Run {
	r := &surge.Run{Asked: surge.Burst{Rate: 10_000, Seconds: 5, Capacity: 500}, Retry: surge.Retry{Times: 3, Seconds: 20}}
	r.Burst = r.Asked
	for _, second := range at {
		arrived := int(min(second, 5) * 10_000)
		w, q := surge.Count{Completed: arrived / 5, Refused: 4 * arrived}, surge.Count{Completed: min(int(second*500), arrived)}
		if second > 65 {
			w.Lost = arrived - w.Completed
		}
		w.Waiting, q.Waiting = arrived-w.Completed-w.Lost, arrived-q.Completed
		r.Add(surge.Sample{At: second, Arrived: arrived, Webhook: w, Queue: q})
	}
	return r
}

// texts parses a drawing, which must be XML, and returns its texts by class.
func texts(t *testing.T, svg string) map[string][]string {
	t.Helper()
	found, class := map[string][]string{}, ""
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			class = ""
			for _, a := range token.Attr {
				if token.Name.Local == "text" && a.Name.Local == "class" {
					class = a.Value
				}
			}
		case xml.CharData:
			if class != "" {
				found[class] = append(found[class], string(token))
			}
		case xml.EndElement:
			class = ""
		}
	}
}

func TestSurge(t *testing.T) {
	for name, test := range map[string]struct {
		run  *surge.Run
		want map[string]string // texts by class
	}{
		"before the first sample": {burst(), map[string]string{"verdict": "0 done, 0 lost|0 done, 0 lost"}},
		"at its height, with no room for names": {burst(1, 2, 3, 4, 5), map[string]string{
			"verdict":            "10,000 done, 40,000 waiting, 0 lost|2,500 done, 47,500 waiting, 0 lost",
			"band-label waiting": "",
		}},
		"on its way": {burst(1, 5, 10, 20, 30, 40), map[string]string{
			"verdict":            "10,000 done, 40,000 waiting, 0 lost|20,000 done, 30,000 waiting, 0 lost",
			"band-label waiting": "waiting|waiting",
		}},
		"at its end": {burst(1, 5, 20, 40, 60, 64, 66, 80, 100), map[string]string{
			"heading":         "10,000 events a second in for 5 s, 500 a second out",
			"verdict bad":     "10,000 done, 40,000 lost",
			"verdict":         "50,000 done, 0 lost",
			"band-label lost": "lost",
			"band-label done": "done|done",
		}},
	} {
		for _, width := range []float64{300, 1000} {
			found := texts(t, Surge(test.run, width, true))
			for class, want := range test.want {
				got := strings.Join(append(found[class], found[class+" narrow"]...), "|")
				if got != want {
					t.Errorf("%s, %g wide: %s says %q, want %q", name, width, class, got, want)
				}
			}
		}
	}
}

func TestCeiling(t *testing.T) {
	for n, want := range map[float64]float64{0: 1, 1: 1, 7: 8, 99: 100, 101: 150, 750: 800, 50_000: 50_000, 50_001: 60_000, 190_000: 200_000} {
		if got := ceiling(n); got != want {
			t.Errorf("above %g is %g, want %g", n, got, want)
		}
	}
}
