package opening_test

import (
	"testing"

	"example.com/troupe/services/inventory/opening"
)

func TestStock(t *testing.T) {
	pieces, err := opening.Stock()
	if err != nil {
		t.Fatal(err)
	}
	if pieces["poster"] == 0 || pieces["sold-out-print"] != 0 {
		t.Errorf("opening stock = %v; the stories need posters, and a print that is sold out", pieces)
	}
}
