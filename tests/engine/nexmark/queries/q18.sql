-- The last bid of each bidder on each auction: corrected with every bid.
SELECT auction, bidder, price, dateTime
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY dateTime DESC) AS place FROM bid)
WHERE place <= 1;
