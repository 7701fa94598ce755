-- Bids with their auctions, without a bound in time.
SELECT b.auction, b.price, a.itemName, a.seller FROM bid AS b JOIN auction AS a ON b.auction = a.id WHERE a.category = 10;
