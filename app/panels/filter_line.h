// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/record_filter.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QLineEdit;

namespace weir {
namespace editor {
class CompletionPopup;
} // namespace editor

/// The condition of a view, typed as behind WHERE: judged while it is typed, completed from the topic's fields, tried
/// on their sample. Only Return puts it into force; a wrong one stays editable, and the last valid one goes on. GUI
/// thread.
class FilterLine : public QWidget
{
    Q_OBJECT
public:
    explicit FilterLine(QWidget* parent = nullptr);
    ~FilterLine() override;

    /// What the filter may name; null: not known yet, and nothing can be judged.
    void setTable(std::shared_ptr<const FilterTable> table);
    const std::shared_ptr<const FilterTable>& table() const { return m_table; }

    QString text() const;
    void setText(const QString& text); ///< judges it, and puts nothing into force
    /// The one in force; null: all records.
    const search::RecordFilterFactoryPtr& filter() const { return m_filter; }
    const QString& filterText() const { return m_filterText; }
    /// Puts what is typed into force, as Return does; false when it is wrong or cannot be judged yet.
    bool apply();
    void clear(); ///< all records
    /// `condition` joined to what is typed by AND.
    void addCondition(const QString& condition);
    void focusText();

signals:
    void applied(); ///< filter() is another one
    void verdictChanged();
    void searchRequested(); ///< of the whole topic

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void judge();
    void tell(const QString& words, int state, const QString& hint);
    void offerCompletions();
    void complete(const QString& text);
    int wordBegin() const;

    std::shared_ptr<const FilterTable> m_table;
    FilterVerdict m_verdict;
    QString m_judged; ///< text that m_verdict is of
    search::RecordFilterFactoryPtr m_filter;
    QString m_filterText;
    QTimer m_pause;
    bool m_waiting = false; ///< Return was pressed before the fields were known
    QLineEdit* m_edit = nullptr;
    QLabel* m_words = nullptr;
    QLabel* m_fault = nullptr; ///< hidden while nothing is wrong
    editor::CompletionPopup* m_popup = nullptr;
};

} // namespace weir
