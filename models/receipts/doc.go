// Package receipts keeps the papers about a payment, and the links by which others pay.
//
// It owns three nouns. A receipt 收据 says what a payment paid; its number belongs to the
// series of a community and a year. An invoice request asks for the tax invoice 发票 of a
// payment. A share is a link by which somebody else pays bills of a room.
//
// It does not own the payment (package money), what stands on a printed page (package
// payment/receipt), and the tax invoice itself: that is issued in the tax authority's
// system, and only its number is kept here.
//
// A receipt is frozen in the transaction that books its payment (CreatedAt), without a
// number: a number without gaps needs one row for all bookings of a community, and they
// would wait for each other. It gets its number from a job seconds later (NumberedAt),
// and a refund makes it void (VoidedAt):
//
//	receipt  issued -> void, once; its next version stands for what is left
//	invoice  asked -> issued | refused; a refused one may be asked for again
//	share    open until ExpiresAt or RevokedAt, whichever comes first
package receipts
