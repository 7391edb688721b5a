package sqs

import "container/heap"

// ranked is a heap whose items know their place, so that any of them can be moved
// or removed in O(log n).
type ranked[T any] struct {
	items []T
	less  func(a, b T) bool
	place func(T) *int // 0 when it is not in the heap, else its index + 1
}

func (h *ranked[T]) Len() int           { return len(h.items) }
func (h *ranked[T]) Less(i, j int) bool { return h.less(h.items[i], h.items[j]) }

func (h *ranked[T]) Swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i]), *h.place(h.items[j]) = i+1, j+1
}

// Push is for container/heap.
func (h *ranked[T]) Push(x any) {
	h.items = append(h.items, x.(T))
	*h.place(x.(T)) = len(h.items)
}

// Pop is for container/heap.
func (h *ranked[T]) Pop() any {
	last := len(h.items) - 1
	x := h.items[last]
	clear(h.items[last:]) // or the array would keep it alive
	h.items = h.items[:last]
	*h.place(x) = 0
	return x
}

// first returns the least item.
func (h *ranked[T]) first() (least T, ok bool) {
	if len(h.items) == 0 {
		return least, false
	}
	return h.items[0], true
}

// set adds x, or finds its new place.
func (h *ranked[T]) set(x T) {
	if at := *h.place(x); at > 0 {
		heap.Fix(h, at-1)
		return
	}
	heap.Push(h, x)
}

// remove takes x out if it is in.
func (h *ranked[T]) remove(x T) {
	if at := *h.place(x); at > 0 {
		heap.Remove(h, at-1)
	}
}
