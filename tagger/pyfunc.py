"""Our bundles as MLflow models: the loader module of ``mlflow.pyfunc``.

With it ``mlflow.pyfunc.load_model("models:/topic-tagger@champion")`` and ``mlflow models serve`` give
the tags that ``tagger tag`` gives. Nothing is unpickled: the bundle is data, read by `Tagger.load`.
"""

from __future__ import annotations

from typing import Any

from tagger.article import Article
from tagger.output import as_object
from tagger.tagging import Tagger

__all__ = ["Model"]


class Model:
    """What ``mlflow.pyfunc`` calls: rows with ``title`` (optional) and ``body`` or ``text`` in, tags out."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Tag each row.

        Parameters
        ----------
        model_input : pandas.DataFrame or list of dict
        params : dict, optional
            ``threshold`` (one score for all topics; below 0: the model's own) and ``explain``.

        Returns
        -------
        list of dict
            ``{"tags": [...], "scores": {...}}`` as ``tagger tag --all-scores`` gives them.
        """
        params = params or {}
        threshold = float(params.get("threshold", -1.0))
        rows = model_input.to_dict("records") if hasattr(model_input, "to_dict") else model_input
        results = []
        for row in rows:
            title, body = (_text(row, key) for key in ("title", "body"))
            tagged = self._tagger.tag(
                Article(title=title, body=body or _text(row, "text")),
                explain=bool(params.get("explain", False)),
                threshold=threshold if threshold >= 0 else None,
            )
            entry = as_object(tagged, "", all_scores=True)
            results.append({key: entry[key] for key in ("tags", "scores")})
        return results


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""  # an absent cell of a DataFrame is a float NaN


def _load_pyfunc(path: str) -> Model:
    return Model(Tagger.load(path))
