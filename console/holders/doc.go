// Package holders has the pages about who holds a room: transfers, the name of the
// owner, tenants and vacancies.
//
// What a transfer does to bills and prepayment is decided in package billing.
package holders
