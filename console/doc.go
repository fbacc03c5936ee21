// Package console is the front door for the property's staff: HTML pages in
// Chinese under /staff/, rendered on the server and usable without JavaScript.
//
// It owns pages, forms, sign-in and who may open what. It owns no rule of the
// business: what is owed comes from billing, whether money moved from payment,
// and rows from models.
package console
