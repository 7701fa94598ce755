// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"
#include "connectors/record/result.h"
#include "connectors/record/source.h"

#include <QJsonObject>
#include <QWidget>

#include <optional>

class QComboBox;

namespace weir {

/// What of a topic a view reads: from, until, which partitions, which isolation. Each is chosen from a list or typed in
/// the words of the command line. GUI thread.
class PositionBar : public QWidget
{
    Q_OBJECT
public:
    explicit PositionBar(QWidget* parent = nullptr);

    /// Error: a word that cannot be understood.
    Result<ReadRequest> request(const QString& topic, EpochMs now) const;
    QJsonObject toJson() const;
    void restore(const QJsonObject& view); ///< does not emit changed()

    /// Other places, as if the user had typed them, but without changed().
    void setFrom(const QString& words);
    void setUntil(const QString& words);
    QString from() const; ///< in the words of the command line
    QString until() const;
    void focusFrom(); ///< to type a place
    /// Whether it has an end, so that the view does not follow.
    bool isBounded() const;
    bool takesAllPartitions() const;

signals:
    void changed(); ///< by the user

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QComboBox* addChoice(const QString& name, const QString& hint, int characters);

    QComboBox* m_from = nullptr;
    QComboBox* m_until = nullptr;
    QComboBox* m_partitions = nullptr;
    QComboBox* m_isolation = nullptr;
};

/// "0, 3, 5-7"; empty: all of them. Error: what cannot be understood.
Result<std::vector<PartitionId>> parsePartitions(const std::string& text);

} // namespace weir
