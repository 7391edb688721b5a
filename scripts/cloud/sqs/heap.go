package sqs

import "container/heap"

// ranked is a heap that records the position of each item in the item, so that any item can be moved or removed in
// O(log n).
type ranked[T any] struct {
	items []T
	less  func(a, b T) bool
	place func(T) *int // 0 if it isn't in the heap, else its index + 1
}

func (h *ranked[T]) Len() int           { return len(h.items) }
func (h *ranked[T]) Less(i, j int) bool { return h.less(h.items[i], h.items[j]) }

func (h *ranked[T]) Swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i]), *h.place(h.items[j]) = i+1, j+1
}

// Push implements heap.Interface.
func (h *ranked[T]) Push(x any) {
	h.items = append(h.items, x.(T))
	*h.place(x.(T)) = len(h.items)
}

// Pop implements heap.Interface.
func (h *ranked[T]) Pop() any {
	last := len(h.items) - 1
	x := h.items[last]
	clear(h.items[last:]) // the array must not keep it alive
	h.items = h.items[:last]
	*h.place(x) = 0
	return x
}

// first returns the smallest item.
func (h *ranked[T]) first() (least T, ok bool) {
	if len(h.items) == 0 {
		return least, false
	}
	return h.items[0], true
}

// set adds x, or restores its position if it is already in the heap.
func (h *ranked[T]) set(x T) {
	if at := *h.place(x); at > 0 {
		heap.Fix(h, at-1)
		return
	}
	heap.Push(h, x)
}

// remove removes x if it is in the heap.
func (h *ranked[T]) remove(x T) {
	if at := *h.place(x); at > 0 {
		heap.Remove(h, at-1)
	}
}
