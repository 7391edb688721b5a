package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
)

// Querier is a transaction that its user must not end.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// ErrOutside means that there is no transaction: the context is not a handler's, or the
// service's store is not SQL.
var ErrOutside = errors.New("there is no transaction outside of a unit of work over SQL")

type transactionKey struct{}

// From returns the transaction that a handler runs in, for the service's own tables. It ends
// with the handler; elsewhere every query fails with ErrOutside. Number the parameters of
// queries $1, $2 …, which both databases understand.
func From(ctx context.Context) Querier {
	if tx, ok := ctx.Value(transactionKey{}).(*sql.Tx); ok {
		return tx
	}
	return outside()
}

// outside returns a database that can't be reached: the only way to a *sql.Row that fails.
var outside = sync.OnceValue(func() *sql.DB { return sql.OpenDB(nowhere{}) })

type nowhere struct{}

func (nowhere) Connect(context.Context) (driver.Conn, error) { return nil, ErrOutside }
func (nowhere) Driver() driver.Driver                        { return nil }
