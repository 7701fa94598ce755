-- The ten highest bids of each auction: corrected with every bid.
SELECT auction, bidder, price, place
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC) AS place FROM bid)
WHERE place <= 10;
