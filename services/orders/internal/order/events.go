package order

import "example.com/troupe/events/orders"

func (o *Order) confirmed() orders.OrderConfirmed {
	return orders.OrderConfirmed{
		OrderID: o.ID, CustomerID: o.CustomerID, Email: o.Email,
		Region: o.Region, TotalCents: o.TotalCents, Currency: o.Currency,
	}
}

func (o *Order) cancelled() orders.OrderCancelled {
	return orders.OrderCancelled{OrderID: o.ID, CustomerID: o.CustomerID, Email: o.Email, Reason: o.Reason}
}

func (o *Order) fulfilment() orders.FulfilmentRequested {
	request := orders.FulfilmentRequested{OrderID: o.ID, Region: o.Region}
	for _, line := range o.Lines {
		request.Lines = append(request.Lines, orders.FulfilmentLine{SKU: line.SKU, Quantity: line.Quantity})
	}
	return request
}
