-- Bids of each bidder, by stretches of activity.
SELECT bidder, COUNT(*) AS bid_count, window_start, window_end
FROM TABLE(SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR(dateTime), INTERVAL '2' SECOND))
GROUP BY bidder, window_start, window_end;
