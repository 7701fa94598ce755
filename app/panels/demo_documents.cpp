// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/demo_documents.h"

#include <QObject>

namespace weir {

namespace {

/// Revenue per ten seconds and region, over the demo's orders.
QString revenueQuery(const QString& bootstrapServers)
{
    return QStringLiteral(R"(CREATE TABLE orders (
  region STRING,
  amount DECIMAL(12, 2),
  created_at TIMESTAMP_LTZ(3),
  WATERMARK FOR created_at AS created_at - INTERVAL '2' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '%1',
  'scan.startup.mode' = 'earliest-offset', 'scan.watermark.idle-timeout' = '3 s',
  'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601', 'json.ignore-parse-errors' = 'true'
);
SELECT window_start, window_end, region, SUM(amount) AS revenue
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, region;
)")
        .arg(bootstrapServers);
}

} // namespace

ConnectionDocument demoConnection(const demo::Demo& demo)
{
    ConnectionDocument document;
    document.id = demoConnectionId();
    document.name = QObject::tr("demo");
    document.bootstrapServers = QString::fromStdString(demo.bootstrapServers());
    document.colour = 2;
    document.temporary = true;
    for (const std::string& group : demo::Demo::groupNames())
        document.namedGroups.append(QString::fromStdString(group));
    return document;
}

QString demoConnectionId()
{
    return QStringLiteral("demo");
}

QString demoDashboardId()
{
    return QStringLiteral("demo-dashboard");
}

DashboardDocument demoDashboard(const ConnectionDocument& connection)
{
    DashboardDocument document;
    document.id = demoDashboardId();
    document.name = QObject::tr("Order pipeline");
    document.temporary = true;
    document.rangeSeconds = 60; // so that a demo of a minute fills its plots
    const auto panel = [&](const QString& kind, const QString& topic, const QString& title) {
        DashboardPanelDocument one;
        one.kind = kind;
        one.connection = connection.id;
        one.topic = topic;
        one.title = title;
        return one;
    };
    document.panels.append(panel(QStringLiteral("throughput"), {}, {}));
    document.panels.append(panel(QStringLiteral("lag"), {}, {}));
    document.panels.append(
        panel(QStringLiteral("latency"), QStringLiteral("payments"), QObject::tr("Latency: payments to here")));
    DashboardPanelDocument revenue = panel(QStringLiteral("query"), {}, QObject::tr("Revenue by region"));
    revenue.sql = revenueQuery(connection.bootstrapServers);
    document.panels.append(revenue);
    return document;
}

} // namespace weir
