// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/topic_panel.h"
#include "tests/app/panel_bench.h"
#include "widgets/tables/record_table.h"

#include <QLabel>
#include <QLineEdit>

namespace weir::test {

/// The view of the topic `orders` on the connection `a`, as its user has it before him.
struct Shown
{
    explicit Shown(PanelBench& bench, const QJsonObject& view = {})
        : panel(bench.context, {"topic", "a", "orders", view}), table(panel.findChild<tables::RecordTable*>()),
          filter(panel.findChild<FilterLine*>()), find(panel.findChild<FindBar*>())
    {
        panel.resize(1400, 900);
        panel.show();
    }
    qint64 rows() const { return table->rows() ? table->rows()->endRow() : 0; }
    QLineEdit* filterEdit() const { return filter->findChild<QLineEdit*>(); }
    QStringList columns() const
    {
        QStringList ids;
        for (const tables::TableColumn& column : table->rows()->columns())
            ids.append(column.id);
        return ids;
    }
    QString cell(qint64 row, const QString& column) const
    {
        return table->rows()->rows(row, 1)[0].cells.at(static_cast<std::size_t>(columns().indexOf(column))).text;
    }
    bool says(const QString& text) const
    {
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (label->isVisibleTo(&panel) && label->text().contains(text))
                return true;
        }
        return false;
    }
    void type(const QString& text) const
    {
        filterEdit()->setFocus();
        filterEdit()->selectAll();
        QTest::keyClicks(filterEdit(), text);
    }

    TopicPanel panel;
    tables::RecordTable* table;
    FilterLine* filter;
    FindBar* find;
};

/// Every tenth is PAID, and every seventh has no amount.
inline std::vector<GivenRecord> orders(int count, int from = 0)
{
    std::vector<GivenRecord> records;
    for (int i = from; i < from + count; ++i)
        records.push_back({R"({"id":)" + std::to_string(i) + R"(,"status":")" + (i % 10 == 0 ? "PAID" : "NEW")
                + R"(","amount":)" + (i % 7 == 0 ? std::string("null") : std::to_string(i) + ".50")
                + R"(,"customer":{"name":"c)" + std::to_string(i % 3) + "\"}}",
            "k" + std::to_string(i % 5), 1'700'000'000'000 + i * 1000});
    return records;
}

} // namespace weir::test
