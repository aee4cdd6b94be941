"""Puts the document together from the operations."""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from flora_mcp import __version__
from flora_mcp.studio.openapi import assets, canvas, catalog, generations, projects, techniques, workspaces
from flora_mcp.studio.openapi.operation import IDS, Operation
from flora_mcp.studio.openapi.shapes import Refusal

OPERATIONS: tuple[Operation, ...] = (
    *workspaces.OPERATIONS,
    *projects.OPERATIONS,
    *canvas.OPERATIONS,
    *catalog.OPERATIONS,
    *generations.OPERATIONS,
    *techniques.OPERATIONS,
    *assets.OPERATIONS,
)

REASONS = {
    400: "The request is wrong; `fields` says where.",
    401: "There is no key, or one that is not known.",
    402: "The workspace has too few credits.",
    403: "The key's role, or the address that was asked, does not allow it.",
    404: "It does not exist, or it is another's.",
    409: "The state of things does not allow it, or the idempotency key was used.",
    422: "The idempotency key came with another request.",
    429: "Too many requests of this workspace; `retry-after` says when to go on.",
    503: "The studio cannot answer now.",
}

EVERYWHERE = (401, 403, 429, 503)
"""The statuses that any endpoint may refuse with."""

_BRACES = re.compile(r"\{(\w+)\}")


@cache
def document() -> dict[str, Any]:
    """Returns the OpenAPI 3.1 document; built once, some tens of milliseconds of work."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.verb] = _described(operation, schemas=schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "flora-mcp studio",
            "version": __version__,
            "description": "An API of our own that clients of FLORA's REST API can use, on one's own computer.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "headers": {"request-id": {"required": True, "schema": {"type": "string", "pattern": r"^req_\S+$"}}},
            "responses": {str(status): _refusal(reason) for status, reason in REASONS.items()},
        },
    }


def _schemas() -> dict[str, Any]:
    """Returns the schemas of all forms and answers, by the names of their classes."""
    models: dict[type[BaseModel], JsonSchemaMode] = {Refusal: "serialization"}
    for operation in OPERATIONS:
        models[operation.answer] = "serialization"
        for form in (operation.body, operation.form):
            if form is not None:
                models[form] = "validation"
    _, found = models_json_schema(list(models.items()), ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    for schema in schemas.values():
        schema.pop("title", None)
        for each in schema.get("properties", {}).values():
            each.pop("title", None)
    return schemas


def _described(operation: Operation, *, schemas: dict[str, Any]) -> dict[str, Any]:
    refusals = sorted({*operation.refusals, *EVERYWHERE, *((409,) if operation.keyed else ())})
    statuses = [200, operation.status] if operation.replays else [operation.status]
    success = {
        "description": operation.answer.__doc__,
        "headers": {"request-id": {"$ref": "#/components/headers/request-id"}},
        "content": {"application/json": {"schema": _ref(operation.answer)}},
    }
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_in_path(operation), *_in_query(operation), *_in_header(operation)],
        "responses": {
            **{str(status): success for status in statuses},
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in refusals},
        },
    }
    content = {}
    if operation.body is not None:
        content["application/json"] = {"schema": _ref(operation.body)}
    if operation.form is not None:
        content["multipart/form-data"] = {"schema": _with_file(schemas[operation.form.__name__])}
    if content:
        described["requestBody"] = {"required": True, "content": content}
    return described


def _with_file(form: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of a form's fields with a file beside them; a field of a form is a text or absent."""
    texts = {name: schema.get("anyOf", [schema])[0] for name, schema in form["properties"].items()}
    file = {"type": "string", "format": "binary"}
    return {**form, "properties": {**texts, "file": file}, "required": [*form["required"], "file"]}


def _in_path(operation: Operation) -> list[dict[str, Any]]:
    names = _BRACES.findall(operation.path)
    return [
        {"name": name, "in": "path", "required": True, "schema": IDS[operation.ids.get(name, name)]} for name in names
    ]


def _in_query(operation: Operation) -> list[dict[str, Any]]:
    """Describes the query; an empty value is one that was left out, as clients send null so (sdk)."""
    return [
        {"name": name, "in": "query", "schema": schema, "required": True}
        if name in operation.required
        else {"name": name, "in": "query", "schema": schema, "allowEmptyValue": True}
        for name, schema in (operation.query or {}).items()
    ]


def _in_header(operation: Operation) -> list[dict[str, Any]]:
    if not operation.keyed:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _refusal(reason: str) -> dict[str, Any]:
    return {
        "description": reason,
        "headers": {"request-id": {"$ref": "#/components/headers/request-id"}},
        "content": {"application/json": {"schema": _ref(Refusal)}},
    }
