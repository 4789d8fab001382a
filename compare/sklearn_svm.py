"""scikit-learn: TF-IDF of words (1-2) and of characters within words (3-5), a linear SVM; all else as it comes.

python sklearn_svm.py TRAIN OUT TEST...    what is read and written: see run.py
"""
import json
import resource
import sys
import time

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def main(train, out, *tests):
    labels, texts = zip(*rows(train))
    start = time.perf_counter()
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2)),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)),
    )
    model = make_pipeline(features, LinearSVC())
    model.fit(texts, labels)
    load_ms = (time.perf_counter() - start) * 1000
    predicted, taken_us = [], []
    for test in tests:
        predicted.append([])
        for _, text in rows(test):
            start = time.perf_counter()
            label = model.predict([text])[0]
            taken_us.append((time.perf_counter() - start) * 1e6)
            predicted[-1].append(str(label))
    # Memory in KB on Linux.
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {
        "version": sklearn.__version__,
        "load_ms": load_ms,
        "peak_rss_mb": peak_mb,
        "taken_us": taken_us[: len(predicted[0])],
        "predicted": predicted,
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(result, file)


main(*sys.argv[1:])
