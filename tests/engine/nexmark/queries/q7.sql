-- The highest bids of each ten seconds. The time of the maximum is the window's, so that the join is one of intervals.
SELECT b.auction, b.price, b.bidder, b.dateTime, b.extra
FROM bid AS b
JOIN (
  SELECT MAX(price) AS maxprice, window_time AS closed
  FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(dateTime), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end, window_time
) AS highest
ON b.price = highest.maxprice AND b.dateTime BETWEEN highest.closed - INTERVAL '10' SECOND AND highest.closed;
